import { startView } from '../common';
import './checkpointView';

startView();
