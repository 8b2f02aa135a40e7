import { gitea } from './gitea';

gitea().synth();
