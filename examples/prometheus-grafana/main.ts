import { monitoring } from './monitoring';

monitoring().synth();
