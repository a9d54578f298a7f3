import { adoptStyles, startView } from '../common';
import figureTable from '../common/figureTable.css';
import budget from './budget.css';
import family from './family.css';
import './familyView';
import knobForm from './knobForm.css';
import variantTable from './variantTable.css';

startView();
for (const styles of [figureTable, variantTable, budget, knobForm, family]) adoptStyles(styles);
