import { adoptStyles, startView } from '../common';
import styles from './compare.css';
import './compareView';
import curvesStyles from './curves/curves.css';

startView();
adoptStyles(styles);
adoptStyles(curvesStyles);
