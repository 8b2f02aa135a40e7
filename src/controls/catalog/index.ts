export { catalogControls } from './index.generated';
