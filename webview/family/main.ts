import { adoptStyles, startView } from '../common';
import styles from './family.css';
import './familyView';

startView();
adoptStyles(styles);
