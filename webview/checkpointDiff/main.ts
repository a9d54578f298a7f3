import { startView } from '../common';
import './diffView';

startView();
