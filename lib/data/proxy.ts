/** The proxy settings of the environment, which Node's own fetch ignores. */
import type { EnvHttpProxyAgent } from 'undici';

type Environment = Readonly<Record<string, string | undefined>>;

/** Most specific first; of each pair the lower-case name wins, as in curl. */
const proxyNames = {
  'https:': ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY', 'http_proxy', 'HTTP_PROXY'],
  'http:': ['http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY'],
} as const;

const noProxyNames = ['no_proxy', 'NO_PROXY'] as const;

interface Setting {
  readonly name: string;
  /** Not empty. */
  readonly value: string;
}

/** The first variable that is set decides; set to nothing, it says: no proxy. */
function findSetting(names: readonly string[], environment: Environment): Setting | undefined {
  const name = names.find(name => environment[name] !== undefined);
  const value = name && environment[name]?.trim();
  return name && value ? { name, value } : undefined;
}

/**
 * An agent for undici's fetch that goes through the proxies which the environment names, except to the hosts in
 * NO_PROXY. HTTPS_PROXY is for https: addresses, HTTP_PROXY for http: ones and, if it is the only one, for both;
 * ALL_PROXY stands in for either. Whoever makes an agent destroys it.
 * @throws Error if a setting is not the address of an HTTP proxy
 */
export async function createProxyAgent(environment: Environment = process.env): Promise<EnvHttpProxyAgent> {
  const { EnvHttpProxyAgent } = await import('undici'); // only downloads need it
  const address = (protocol: keyof typeof proxyNames) => {
    const setting = findSetting(proxyNames[protocol], environment);
    return setting ? parseAddress(setting).href : '';
  };
  return new EnvHttpProxyAgent({
    httpProxy: address('http:'),
    httpsProxy: address('https:'),
    noProxy: findSetting(noProxyNames, environment)?.value ?? '',
    // To http: addresses without a tunnel: many proxies allow tunnels only to port 443.
    proxyTunnel: false,
  });
}

/**
 * The settings that apply to a web address, to be told when a download fails: without user name and password.
 * @returns such as `HTTPS_PROXY is http://proxy.example:3128, NO_PROXY is localhost`; undefined if no proxy is set
 */
export function describeProxy(url: string, environment: Environment = process.env): string | undefined {
  const { protocol } = new URL(url);
  const setting = findSetting(
    protocol === 'https:' ? proxyNames['https:'] : proxyNames['http:'],
    environment,
  );
  if (!setting) return undefined;
  const { protocol: proxyProtocol, host } = parseAddress(setting);
  const noProxy = findSetting(noProxyNames, environment);
  const except = noProxy ? `${noProxy.name} is ${noProxy.value}` : 'NO_PROXY is not set';
  return `${setting.name} is ${proxyProtocol}//${host}, ${except}`;
}

/** The value is in no message: it may hold a password. */
function parseAddress({ name, value }: Setting): URL {
  const address = value.includes('://') ? value : `http://${value}`; // as curl reads it
  try {
    const url = new URL(address);
    decodeURIComponent(url.username + url.password); // the agent does so, and would fail with the whole address
    if (['http:', 'https:'].includes(url.protocol)) return url;
  } catch {
    // Not a web address: refused below.
  }
  throw new Error(
    `Expected the address of an HTTP proxy in ${name}, such as http://proxy.example:3128, found another text or ` +
      `another kind of proxy: correct ${name}, or unset it to download without a proxy`,
  );
}
