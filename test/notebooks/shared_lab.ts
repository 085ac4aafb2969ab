/** One JupyterLab and one browser for all tests of a file, or of the files in a process (scripts/test/groups.ts). */
import { after, before } from 'node:test';
import type { Browser } from 'playwright-core';
import { launchChromium } from './chromium';
import { createMirror, type Mirror } from './mirror';
import { startLab, type Server } from './server';

export interface SharedLab {
  /** The copy of the project that JupyterLab shows. */
  mirror: Mirror;
  lab: Server & { token: string };
  browser: Browser;
}

class Fixture {
  private starting: Promise<void> | undefined;
  /** How many files are not done with it. */
  users = 0;
  private readonly parts: Partial<SharedLab> = {};

  start(chromium: string): Promise<void> {
    return (this.starting ??= this.startAll(chromium));
  }

  async end(): Promise<void> {
    if (--this.users > 0) return;
    await this.parts.browser?.close();
    await this.parts.lab?.stop();
    this.parts.mirror?.remove();
  }

  get all(): SharedLab {
    return this.parts as SharedLab;
  }

  private async startAll(chromium: string): Promise<void> {
    this.parts.mirror = createMirror();
    this.parts.lab = await startLab(this.parts.mirror);
    this.parts.browser = await launchChromium(chromium);
  }
}

const fixture = new Fixture();

/**
 * Starts before the tests of this group, unless it is there already, and ends after the last that use it. They share
 * settings and the default workspace, where the tabs of earlier files would be open.
 */
export function useLab(chromium: string): SharedLab {
  fixture.users++;
  before(() => fixture.start(chromium));
  after(() => fixture.end());
  return fixture.all;
}
