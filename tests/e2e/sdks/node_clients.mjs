// The Node SDKs: the same as python_clients.py.

import { createInterface } from "node:readline";

import { Identify, createInstance } from "@amplitude/analytics-node";
import RudderAnalytics from "@rudderstack/rudder-sdk-node";
import { Analytics } from "@segment/analytics-node";
import Mixpanel from "mixpanel";
import { PostHog } from "posthog-node";

const ADA = "ada";
const TRAITS = { name: "Ada Byron", email: "ada@example.com", country: "GB" };
const WON = "Deal Won";
const WINNING = { feature: "Deals", property: "Stages", record_id: "deal-7" };
const REPORTS = "Reports";
const LOOKED = "Looked Around";
const UNKNOWN = "browser-1";

const CLIENTS = {
  async segment(url, key) {
    const failures = [];
    const client = new Analytics({ writeKey: key, host: url });
    client.on("error", (error) => failures.push(`${error.code}: ${error.reason}`));
    client.identify({ userId: ADA, traits: TRAITS });
    client.track({ userId: ADA, event: WON, properties: WINNING });
    client.page({ userId: ADA, name: REPORTS });
    client.track({ anonymousId: UNKNOWN, event: LOOKED });
    await client.closeAndFlush();
    return failures;
  },

  async rudderstack(url, key) {
    const failures = [];
    const report = (error) => error && failures.push(String(error));
    const client = new RudderAnalytics(key, { dataPlaneUrl: url, errorHandler: report });
    client.identify({ userId: ADA, traits: TRAITS }, report);
    client.track({ userId: ADA, event: WON, properties: WINNING }, report);
    client.page({ userId: ADA, name: REPORTS }, report);
    client.track({ anonymousId: UNKNOWN, event: LOOKED }, report);
    await client.flush();
    return failures;
  },

  async posthog(url, key) {
    const failures = [];
    const client = new PostHog(key, { host: url, fetchRetryDelay: 50 });
    client.on("error", (error) => failures.push(String(error)));
    client.identify({ distinctId: ADA, properties: TRAITS });
    client.capture({ distinctId: ADA, event: WON, properties: WINNING });
    client.capture({ distinctId: ADA, event: REPORTS });
    client.capture({
      distinctId: UNKNOWN,
      event: LOOKED,
      properties: { $process_person_profile: false },
    });
    await client.shutdown();
    return failures;
  },

  async posthog_v1(url, key) {
    process.env.POSTHOG_CAPTURE_MODE = "v1";
    try {
      return await CLIENTS.posthog(url, key);
    } finally {
      delete process.env.POSTHOG_CAPTURE_MODE;
    }
  },

  async mixpanel(url, key) {
    const { hostname: host, port } = new URL(url);
    const client = Mixpanel.init(key, { host, port, protocol: "http" });
    const failures = [];
    const done = (send) =>
      new Promise((resolve) => {
        send((errors) => resolve(errors && failures.push(String(errors))));
      });
    await done((callback) => client.people.set(ADA, TRAITS, callback));
    await done((callback) => client.track(WON, { distinct_id: ADA, ...WINNING }, callback));
    const rest = [
      { event: REPORTS, properties: { distinct_id: ADA, time: new Date() } },
      { event: LOOKED, properties: { distinct_id: `$device:${UNKNOWN}`, time: new Date() } },
    ];
    await done((callback) => client.track_batch(rest, callback));
    return failures;
  },

  async amplitude(url, key) {
    const client = createInstance();
    await client.init(key, { serverUrl: `${url}/2/httpapi`, flushIntervalMillis: 50 }).promise;
    const identify = new Identify();
    for (const [name, value] of Object.entries(TRAITS)) identify.set(name, value);
    const sent = [
      client.identify(identify, { user_id: ADA }),
      client.track(WON, WINNING, { user_id: ADA }),
      client.track(REPORTS, {}, { user_id: ADA }),
      client.track(LOOKED, {}, { device_id: UNKNOWN }),
    ];
    const results = await Promise.all(sent.map((each) => each.promise));
    return results.filter(({ code }) => code !== 200).map(({ message }) => message);
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const [name, url, key] = JSON.parse(line);
  process.stdout.write(`${JSON.stringify(await CLIENTS[name](url, key))}\n`);
}
process.exit();
