/** Images and labels: from files to batches. */
export type { Batch } from './batch';
export type { DataSetContent } from './content';
export { DataSet, type DataSetState } from './data_set';
export type { FormatOptions } from './formats/examples';
export { parseIdx, type IdxArray } from './idx';
export { addMarked, rememberSymbol, type MemoryTaskOptions } from './memory_tasks';
export { readPictures, type ReadPicture, type ReadPicturesOptions } from './pictures/read_pictures';
export { readDataSets, type DataSets, type ReadOptions } from './read_data_sets';
export type { RecipeOptions, SetRecipe } from './recipe';
