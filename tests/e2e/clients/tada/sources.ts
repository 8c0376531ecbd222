import { graphql, type ResultOf, type VariablesOf } from "./graphql.js";

export const sources = graphql(`
  query Sources($after: String) {
    sources(first: 50, after: $after) {
      nodes {
        sourceId
        kind
        url
        disabledAt
        awaitsSecret
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export function waiting(result: ResultOf<typeof sources>): string[] {
  return result.sources.nodes.filter((each) => each.awaitsSecret).map((each) => each.sourceId);
}

export const create = graphql(`
  mutation CreateSource($input: SourceInput!) {
    createSource(input: $input) {
      secret
      source {
        id
        url
      }
    }
  }
`);

export const variables: VariablesOf<typeof create> = {
  input: { kind: "HUBSPOT", secret: "from HubSpot", settings: [{ name: "organization", value: "7" }] },
};

export const activate = graphql(`
  mutation ActivateIntegration($kind: SourceKind!, $settings: [SourceSettingInput!]) {
    activateIntegration(kind: $kind, settings: $settings) {
      secret
      steps
    }
  }
`);

export const change = graphql(`
  mutation ChangeSource($id: ID!, $secret: String, $mapping: String!) {
    rotateSecret(id: $id, secret: $secret) {
      secret
    }
    setSourceMapping(id: $id, mapping: $mapping) {
      mapping
    }
    disableSource(id: $id) {
      disabledAt
    }
  }
`);

export const agree = graphql(`
  mutation SetSourceSettings($id: ID!, $settings: [SourceSettingInput!]!) {
    setSourceSettings(id: $id, settings: $settings) {
      settingNames
    }
  }
`);

export const preview = graphql(`
  query PreviewMapping($source: ID!, $sample: SampleInput!) {
    previewMapping(source: $source, sample: $sample) {
      nodes {
        reason
        event {
          feature
          isUncatalogued
        }
      }
    }
  }
`);

export const sample: VariablesOf<typeof preview> = {
  source: "an id",
  sample: { body: "{}", path: "/v1/track" },
};
