import { UserError } from '../base/errors';
import type { Variables } from '../rnn/cell';
import { tf } from '../tfjs/tensorflow';

/** Which run had a variable last. */
const users = new WeakMap<tf.Variable, SharedWeights>();

/**
 * The weights of a model that the user made, which several runs may train, one at a time: each finds them as it left
 * them. Weights that somebody else replaced are noticed, since a run that went on with them would be another's.
 */
export class SharedWeights {
  private readonly variables: readonly tf.Variable[];
  /** The memory of each variable as this run left it: another one after any assignment. */
  private left: readonly object[];
  /** Their values, while another run has the model. */
  private aside?: readonly (Float32Array | Int32Array | Uint8Array)[];
  private replaced = false;
  private busy = false;

  /** The run begins with the weights as they are. @param variables of the model, by name */
  constructor(variables: Variables) {
    this.variables = [...new Set(Object.values(variables))];
    this.left = this.memory();
    this.othersPutAside();
    this.variables.forEach(variable => users.set(variable, this));
  }

  /**
   * Use them, and change them perhaps; nobody else can meanwhile.
   * @throws UserError if another run is using them, or somebody replaced them
   */
  async use<T>(work: () => Promise<T>): Promise<T> {
    this.take();
    this.busy = true;
    try {
      return await work();
    } finally {
      this.busy = false;
      this.left = this.memory();
    }
  }

  /** Have them as this run left them. @throws UserError as `use` does */
  take(): void {
    this.othersPutAside();
    if (!this.replaced && (this.aside || this.untouched())) return this.bringBack();
    throw new UserError(
      'Expected the weights that the last step of this run left in the model, found others, assigned since: ' +
        'resume(run.folder, data, { model }) goes on from its newest checkpoint, createRun(data, settings, { model }) ' +
        'begins another run with these weights',
    );
  }

  /** Put other values in, whatever is there. */
  replace(assign: () => void): void {
    this.othersPutAside();
    assign();
    this.aside = undefined;
    this.replaced = false;
    this.variables.forEach(variable => users.set(variable, this));
    this.left = this.memory();
  }

  /** The run has ended for good. */
  release(): void {
    this.aside = undefined;
    for (const variable of this.variables) if (users.get(variable) === this) users.delete(variable);
  }

  private bringBack(): void {
    const { aside } = this;
    if (!aside) return;
    this.replace(() =>
      tf.tidy(() =>
        this.variables.forEach((variable, i) => variable.assign(tf.tensor(aside[i], variable.shape))),
      ),
    );
  }

  private othersPutAside(): void {
    const others = new Set(this.variables.map(variable => users.get(variable)));
    for (const other of others) if (other && other !== this) other.putAside();
  }

  private putAside(): void {
    if (this.busy) {
      throw new UserError(
        'Expected a model that nobody uses, found one in a step of another run: wait for its training, or give each ' +
          'run a model of its own',
      );
    }
    if (this.aside) return;
    if (this.untouched()) this.aside = this.variables.map(variable => variable.dataSync().slice());
    else this.replaced = true;
  }

  private memory(): readonly object[] {
    return this.variables.map(({ dataId }) => dataId);
  }

  private untouched(): boolean {
    return this.variables.every(({ dataId }, i) => dataId === this.left[i]);
  }
}
