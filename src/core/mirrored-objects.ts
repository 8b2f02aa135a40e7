import { ApiObject, Chart } from 'cdk8s';
import { IConstruct } from 'constructs';
import { invalid } from './errors';
import { ImageMirror } from './image-mirror';
import { withImages } from './image-places';
import { writesAllOrNothing } from './tree-outputs';

const MIRRORED = Symbol.for('cdk8s-hardened.mirrored-object');

/** What has a say in how it is written. */
export interface Written extends IConstruct {
  [MIRRORED]?: true;
  toJson(): unknown;
}

/**
 * Has every object below a construct written with the images of a mirror, whoever made it: at each validation, so that objects are covered that were
 * made later. Objects are asked for their JSON as ever, so that checks see what is written, however it is written.
 */
export function mirrorObjects(scope: IConstruct, mirror: ImageMirror): void {
  scope.node.addValidation({
    validate: () => {
      const fixed = mirrorPresentObjects(scope, mirror);
      // Below a plain App, files are written one by one: what can't be mirrored has to be known before the first.
      const asked = writesAllOrNothing(scope) ? fixed : scope.node.findAll().filter(isWritten);
      return asked.flatMap((construct) => problemOf(construct, mirror, fixed.includes(construct)));
    },
  });
}

/** The same for the objects that are there now, at once. Returns those that another language writes. */
export function mirrorPresentObjects(scope: IConstruct, mirror: ImageMirror): Written[] {
  return scope.node.findAll().filter(isWritten).filter((construct) => !wrap(construct, mirror));
}

function isWritten(construct: IConstruct): construct is Written {
  return ApiObject.isApiObject(construct) || (Chart.isChart(construct) && construct.toJson !== Chart.prototype.toJson);
}

/** False where another language has taken over how it is written. */
function wrap(construct: Written, mirror: ImageMirror): boolean {
  if (construct[MIRRORED]) {
    return true;
  }
  if (Object.getOwnPropertyDescriptor(construct, 'toJson')?.configurable === false) {
    return false;
  }
  const original = construct.toJson;
  const toJson = function (this: Written): unknown {
    return mirrored(original.call(this), construct, mirror);
  };
  Object.defineProperty(construct, MIRRORED, { value: true, enumerable: false });
  Object.defineProperty(construct, 'toJson', { value: toJson, enumerable: false, configurable: true, writable: true });
  return true;
}

function mirrored(json: unknown, construct: IConstruct, mirror: ImageMirror): unknown {
  return withImages(json, (image) => mirror._mirrored(image, construct));
}

function problemOf(construct: Written, mirror: ImageMirror, isFixed: boolean): string[] {
  try {
    const json = construct.toJson();
    if (!isFixed || mirrored(json, construct, mirror) === json) {
      return [];
    }
    return [invalid({
      at: construct, property: 'image', allowed: 'images of the mirror in an object that is written by another language', fix: 'Give it the names that mirrored() of the ImageMirror returns.',
    }).message];
  } catch (error) {
    return [(error as Error).message];
  }
}
