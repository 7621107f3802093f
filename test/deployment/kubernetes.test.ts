import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Deployment } from 'kubernetes-models/apps/v1';
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { ConfigMap, Secret, Service } from 'kubernetes-models/v1';
import { parseAllDocuments } from 'yaml';
import { loadConfig, SETTINGS } from '../../src/config';
import type { Cluster } from '../support/cluster';
import { ROOT } from '../support/compose';
import { instructionsOf } from '../support/dockerfile';
import { startProduction } from '../support/production';

// biome-ignore lint/suspicious/noExplicitAny: its schema is checked, and its fields are many.
type Manifest = Record<string, any>;

const MODELS: Record<string, new (data: Manifest) => { validate(): void }> = {
  'apps/v1 Deployment': Deployment,
  'autoscaling/v2 HorizontalPodAutoscaler': HorizontalPodAutoscaler,
  'networking.k8s.io/v1 NetworkPolicy': NetworkPolicy,
  'policy/v1 PodDisruptionBudget': PodDisruptionBudget,
  'v1 ConfigMap': ConfigMap,
  'v1 Secret': Secret,
  'v1 Service': Service,
};

function manifestsIn(folder: string): Manifest[] {
  return readdirSync(join(ROOT, folder), { recursive: true })
    .map(String)
    .filter((file) => file.endsWith('.yaml'))
    .flatMap((file) => parseAllDocuments(readFileSync(join(ROOT, folder, file), 'utf8')))
    .map((document) => {
      expect(document.errors).toEqual([]);
      return document.toJS() as Manifest;
    });
}

const manifests = manifestsIn('deploy/kubernetes');
const find = (kind: string): Manifest => manifests.find((one) => one.kind === kind)!;
const pod = find('Deployment').spec.template;
const [container] = pod.spec.containers as [Manifest];
const settings: Record<string, string> = {
  ...find('ConfigMap').data,
  ...find('Secret').stringData,
};
const config = loadConfig({ ...imageSettings(), ...settings });

/** The settings that the image brings along. */
function imageSettings(): Record<string, string> {
  const set = instructionsOf(join(ROOT, 'Dockerfile')).filter(([name]) => name === 'ENV');
  return Object.fromEntries(set.map(([, text]) => text.split('=') as [string, string]));
}

describe('the manifests for Kubernetes', () => {
  test.each(manifests.map((one) => [`${one.apiVersion} ${one.kind}`, one]))(
    '%s is what its schema says',
    (kind, manifest) => {
      const Model = MODELS[kind as string]!;
      const validate = (data: object) => new Model(data).validate();
      validate(manifest as Manifest);
      expect(() => validate({ ...(manifest as Manifest), metadata: { name: 1 } })).toThrow('name');
    },
  );

  test('name each other', () => {
    const { name } = find('Deployment').metadata;
    const { labels } = pod.metadata;
    expect(find('Service').spec.selector).toEqual(labels);
    expect(find('PodDisruptionBudget').spec.selector.matchLabels).toEqual(labels);
    expect(find('NetworkPolicy').spec.podSelector.matchLabels).toEqual(labels);
    expect(find('Deployment').spec.selector.matchLabels).toEqual(labels);
    expect(find('HorizontalPodAutoscaler').spec.scaleTargetRef.name).toBe(name);
    expect(container.envFrom).toEqual([
      { configMapRef: { name: find('ConfigMap').metadata.name } },
      { secretRef: { name: find('Secret').metadata.name } },
    ]);
  });

  test('set settings that exist, are valid in production, and allow many nodes', () => {
    expect(Object.keys(settings).filter((one) => !SETTINGS.includes(one as never))).toEqual([]);
    expect(config.production).toBe(true);
    expect(config.storage.redisUrl).not.toBeNull();
    expect(config.demo).toBe(false);
  });

  test('name the ports on which a node listens', () => {
    const { port, metricsPort } = config.http;
    const ports = Object.fromEntries(
      container.ports.map((one: Manifest) => [one.name, one.containerPort]),
    );
    expect(ports).toEqual({ http: port, metrics: metricsPort });
    expect(pod.metadata.annotations['prometheus.io/port']).toBe(String(metricsPort));
    expect(find('Service').spec.ports[0].targetPort).toBe('http');
    const exposed = instructionsOf(join(ROOT, 'Dockerfile')).find(([name]) => name === 'EXPOSE')!;
    expect(exposed[1]).toBe(`${port} ${metricsPort}`);
  });

  test('give a node the time in which it drains', () => {
    const { delayMs, spreadMs } = config.drain;
    const graceS = pod.spec.terminationGracePeriodSeconds;
    expect(graceS).toBeGreaterThanOrEqual(25);
    expect(graceS * 1_000).toBeGreaterThanOrEqual(delayMs + spreadMs + 5_000);
    const { periodSeconds, failureThreshold } = container.readinessProbe;
    expect(periodSeconds * failureThreshold * 1_000).toBeLessThan(delayMs);
  });

  test('run as the user of the image', () => {
    expect(instructionsOf(join(ROOT, 'Dockerfile'))).toContainEqual(['USER', 'node']);
    expect(pod.spec.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000 });
  });
});

describe('a node in production', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    ({ cluster } = await startProduction());
  });
  afterAll(() => cluster.stop());

  test('answers each probe', async () => {
    const probes = ['startupProbe', 'livenessProbe', 'readinessProbe'];
    for (const { httpGet } of probes.map((probe) => container[probe])) {
      expect(httpGet.port).toBe('http');
      expect((await fetch(cluster.node.url + httpGet.path)).status).toBe(200);
    }
  });

  test('has the metric by which nodes are scaled', async () => {
    const annotated = pod.metadata.annotations['prometheus.io/path'];
    expect(new URL(cluster.node.metricsUrl).pathname).toBe(annotated);
    const text = await (await fetch(cluster.node.metricsUrl)).text();
    const pods = find('HorizontalPodAutoscaler').spec.metrics.filter((one: Manifest) => one.pods);
    expect(pods).toHaveLength(1);
    for (const {
      pods: { metric },
    } of pods)
      expect(text).toContain(`# TYPE ${metric.name} gauge`);
  });
});
