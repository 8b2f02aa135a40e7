import { productionCluster } from './cluster';

productionCluster('prod').synth();
