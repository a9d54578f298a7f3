import { adoptStyles, startView } from '../common';
import budget from './budget.css';
import family from './family.css';
import './familyView';
import knobForm from './knobForm.css';
import variantTable from './variantTable.css';

startView();
for (const styles of [variantTable, budget, knobForm, family]) adoptStyles(styles);
