import { adoptStyles, startView } from '../common';
import styles from './inference.css';
import './view';

startView();
adoptStyles(styles);
