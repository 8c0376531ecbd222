import { graphql } from "relay-runtime";

export const kpi = graphql`
  query KpisOneQuery($key: KpiKey!, $period: KpiPeriodInput, $groupBy: KpiDimension) {
    kpi(key: $key, period: $period, groupBy: $groupBy, interval: WEEK) {
      metric {
        ...Kpis_metric
      }
      value
      reason
      currency
      changePercent
      series {
        dates
        values
        reasons
      }
      groups {
        keys
        names
        values
        previousValues
      }
    }
  }
`;

export const dashboard = graphql`
  query KpisDashboardQuery($preset: KpiPreset) {
    kpis(preset: $preset) {
      value
      reason
      isMature
      flags
    }
  }
`;

export const metric = graphql`
  fragment Kpis_metric on Metric {
    key
    name
    formula
    unit
    owner
    refresh
    escalation
    version
  }
`;

export const catalogue = graphql`
  query KpisCatalogueQuery($family: MetricFamily) {
    metricCatalogue(family: $family) {
      ...Kpis_metric
    }
  }
`;

export const trial = graphql`
  query KpisTrialQuery($key: KpiKey!, $draft: [MetricDraftInput!]!) {
    metricTrial(key: $key, draft: $draft) {
      months
      values
      draftValues
    }
  }
`;

export const query = graphql`
  query KpisMembersQuery($key: KpiKey!, $period: KpiPeriodInput) {
    ...Kpis_members @arguments(key: $key, period: $period)
  }
`;

export const members = graphql`
  fragment Kpis_members on Query
  @refetchable(queryName: "KpisNextPageQuery")
  @argumentDefinitions(
    key: { type: "KpiKey!" }
    period: { type: "KpiPeriodInput" }
    first: { type: "Int", defaultValue: 50 }
    after: { type: "String" }
  ) {
    kpiMembers(key: $key, period: $period, first: $first, after: $after)
      @connection(key: "Kpis_kpiMembers", filters: ["key", "period"]) {
      totalCount
      edges {
        node {
          key
          name
          at
          numerator
          denominator
          flags
        }
      }
    }
  }
`;
