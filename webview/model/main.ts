import { startView } from '../common';
import './modelView';

startView();
