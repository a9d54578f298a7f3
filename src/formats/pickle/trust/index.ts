export { judge, type PickleTrust, worse } from './report';
export { verdictOf } from './verdict';
