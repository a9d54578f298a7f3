import { adoptStyles, startView } from '../common';
import styles from './compare.css';
import './compareView';

startView();
adoptStyles(styles);
