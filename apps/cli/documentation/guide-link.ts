import GithubSlugger from "github-slugger";

/** The page of the guide for each of its chapters, as the original calls them. */
export const GUIDE_PAGES: Readonly<Record<string, string>> = {
  "Pre-Deployment Checklist": "1-pre-deployment-checklist.md",
  "Deployment Procedures": "2-deployment-procedures.md",
  "Post-Deployment Validation": "3-post-deployment-validation.md",
  "Rollback Procedures": "4-rollback-procedures.md",
  "Incident Response": "5-incident-response.md",
  "Monitoring & Alerting": "6-monitoring-alerting.md",
};

/**
 * A link to the section of the guide that a step of a plan names.
 *
 * @param section as in `PlannedStep.guide`: `Phase 2: Lambda Deployment`, `Rollback Procedures, Scenario 1: Lambda Code Issues, Steps 4 and 5`
 */
export function guideLink(section: string): string {
  const parts = section.split(", ").filter((part) => !/^Steps? [\d and]+$/.test(part));
  const chapter = parts.find((part) => Object.hasOwn(GUIDE_PAGES, part)) ?? "Deployment Procedures";
  const heading = parts.filter((part) => part !== chapter).at(-1);
  const anchor = heading === undefined ? "" : `#${new GithubSlugger().slug(heading)}`;
  return `[${section}](${GUIDE_PAGES[chapter]}${anchor})`;
}
