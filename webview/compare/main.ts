import { adoptStyles, startView } from '../common';
import figureTable from '../common/figureTable.css';
import styles from './compare.css';
import './compareView';
import curvesStyles from './curves/curves.css';

startView();
adoptStyles(figureTable);
adoptStyles(styles);
adoptStyles(curvesStyles);
