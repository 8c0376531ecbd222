import { graphql } from "./graphql.js";

export const answer = graphql(`
  fragment Answer on Answer {
    asOf
    watermark
    isPartial
    finality
    definitionVersion
    timeZone
    proof {
      from
      to
      rows
      duplicatesRemoved
      sources
      rowsBySource
    }
  }
`);
