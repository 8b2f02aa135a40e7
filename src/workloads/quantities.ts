export { cpuText, keptQuantity, mebibytesOf, millisOf, sizeText } from '../core/quantities';
