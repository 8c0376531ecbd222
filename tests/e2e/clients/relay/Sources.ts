import { graphql } from "relay-runtime";

export const query = graphql`
  query SourcesQuery {
    sources(first: 50) @connection(key: "Sources_sources") {
      edges {
        node {
          ...Sources_source
        }
      }
    }
  }
`;

export const source = graphql`
  fragment Sources_source on Source @refetchable(queryName: "SourcesOneQuery") {
    id
    sourceId
    kind
    kindName
    name
    url
    steps
    createdAt
    disabledAt
    awaitsSecret
    replacedSecretUntil
    settingNames
    settingValues
    mapping
  }
`;

export const create = graphql`
  mutation SourcesCreateMutation($input: SourceInput!) {
    createSource(input: $input) {
      secret
      steps
      source {
        ...Sources_source
      }
    }
  }
`;

export const activate = graphql`
  mutation SourcesActivateMutation($kind: SourceKind!) {
    activateIntegration(kind: $kind) {
      secret
      steps
      source {
        ...Sources_source
      }
    }
  }
`;

export const rotate = graphql`
  mutation SourcesRotateMutation($id: ID!, $secret: String) {
    rotateSecret(id: $id, secret: $secret) {
      secret
      source {
        ...Sources_source
      }
    }
  }
`;

export const disable = graphql`
  mutation SourcesDisableMutation($id: ID!) {
    disableSource(id: $id) {
      ...Sources_source
    }
  }
`;

export const agree = graphql`
  mutation SourcesAgreeMutation($id: ID!, $settings: [SourceSettingInput!]!) {
    setSourceSettings(id: $id, settings: $settings) {
      ...Sources_source
    }
  }
`;

export const map = graphql`
  mutation SourcesMapMutation($id: ID!, $mapping: String!) {
    setSourceMapping(id: $id, mapping: $mapping) {
      ...Sources_source
    }
  }
`;

export const preview = graphql`
  query SourcesPreviewQuery($source: ID!, $sample: SampleInput!, $mapping: String) {
    previewMapping(source: $source, sample: $sample, mapping: $mapping, first: 20) {
      received
      accepted
      quarantined
      uncatalogued
      nodes {
        index
        reason
        detail
        event {
          occurredAt
          userId
          feature
          property
          attribute
          action
          recordId
          accountId
          signal
          actorKind
          change
          context
          isUncatalogued
        }
      }
    }
  }
`;
