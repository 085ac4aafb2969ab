/** Images with their labels, as the readers of all file formats give them. */

export interface Examples {
  /** [examples, rows, columns], pixels 0..255. */
  readonly images: Uint8Array;
  /** [examples], class indices from 0. */
  readonly labels: Uint8Array;
  readonly rows: number;
  readonly columns: number;
  /** Where they come from, for messages. */
  readonly imagesPath: string;
  readonly labelsPath: string;
}

export interface TrainingAndTest {
  readonly training: Examples;
  readonly test: Examples;
  /** Where the files or their names say it. */
  readonly classNames?: readonly string[];
}

/** What the files do not say. */
export interface FormatOptions {
  /** Height of an image where only the number of its pixels is known. Default: images are square. */
  readonly rows?: number;
  /** The value of a pixel at full brightness, in arrays of NumPy. Default 255, and 1 for floating-point numbers. */
  readonly maxPixel?: number;
  /** Of each class, 0..1, where no images are named as those for the test. Default 0.2. */
  readonly testFraction?: number;
}
