// Runs the audits of graphql-http against AUDIT_URL with the bearer token AUDIT_TOKEN, and prints
// what each of them found as a list of {id, name, status, reason}.
import { auditServer } from "graphql-http";

const { AUDIT_URL, AUDIT_TOKEN } = process.env;

const results = await auditServer({
  url: AUDIT_URL,
  fetchFn: (url, options = {}) =>
    fetch(url, {
      ...options,
      headers: { ...options.headers, authorization: `Bearer ${AUDIT_TOKEN}` },
    }),
});

console.log(
  JSON.stringify(
    results.map(({ id, name, status, reason }) => ({ id, name, status, reason: reason ?? null })),
  ),
);
