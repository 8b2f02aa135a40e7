/** How a value stands in a file's text: enough to change it there and leave everything else as it is. Offsets are in the document's text. */
export type TextNode = TextMap | TextList | TextScalar | TextAlias;

interface Placed {
  readonly start: number;
  /** After its last character, without comments. */
  readonly end: number;
  /** Has an anchor, so that other places may mean the same value. */
  readonly isAnchored?: boolean;
}

export interface TextMap extends Placed {
  readonly kind: 'map';
  /** In brackets. */
  readonly isFlow: boolean;
  readonly entries: readonly TextEntry[];
}

export interface TextList extends Placed {
  readonly kind: 'list';
  readonly isFlow: boolean;
  readonly items: readonly TextItem[];
}

export interface TextScalar extends Placed {
  readonly kind: 'scalar';
  /** The quote it is in, or what it is. */
  readonly style: 'plain' | 'single' | 'double' | 'block';
}

/** Another name for a value that stands before it. */
export interface TextAlias extends Placed {
  readonly kind: 'alias';
  readonly target: TextNode;
}

/** Where a value is held: after a key, after a dash, or between the commas of a list in brackets. */
export interface Holder {
  /** Of the key, the dash or the element. */
  readonly start: number;
  /** After the colon or the dash, and what is said of the value before it begins. */
  readonly valueFrom: number;
  /** After the value. */
  readonly end: number;
  readonly value: TextNode;
}

export interface TextEntry extends Holder {
  /** Undefined for keys that can't be told, and for `<<`. */
  readonly key?: string;
  readonly isQuoted: boolean;
  /** Whether it is `<<`. */
  readonly isMerge?: boolean;
}

export type TextItem = Holder;
