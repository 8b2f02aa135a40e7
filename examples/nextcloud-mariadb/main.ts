import { nextcloud } from './nextcloud';

nextcloud().synth();
