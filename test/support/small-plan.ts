/** A plan with three people, a team, an area, a rota that one of them is on, decisions and a playbook of one step of each kind. */
export const smallPlan = `apiVersion: kubectl-ir/v1
kind: Plan
organisation: Example
review: { last: 2026-11-01, everyDays: 90 }
people:
  - { id: jane, name: Jane Doe, reach: [{ by: phone, at: "1" }, { by: sms, at: "1" }] }
  - { id: joe, name: Joe Roe, reach: [{ by: phone, at: "2" }, { by: sms, at: "2" }] }
  - { id: ada, name: Ada Poe, reach: [{ by: phone, at: "3" }, { by: sms, at: "3" }] }
teams:
  - { id: infra, name: Infrastructure, lead: jane, members: [joe] }
areas:
  - { id: shop, name: The shop, primary: rota/night, deputies: [person/jane, area/shop] }
rotas:
  - id: night
    name: Night
    timeZone: UTC
    layers:
      - { people: [joe, ada], start: 2026-11-16, handover: "08:00", turnDays: 7 }
severities:
  - { id: SEV1, what: The shop is down, respondWithinMinutes: 15 }
  - { id: SEV2, what: The shop is slow, respondWithinMinutes: 60 }
playbooks:
  - id: stolen-token
    title: A token of a service account was stolen
    steps:
      - { id: call, phase: coordination, text: Call the owner of the application, by: area/shop }
      - { id: sure, phase: identification, check: Is the pod named and its owner told? }
      - { id: cut, phase: resolution, run: "isolate pod/{{pod}} -n {{namespace}} --yes", by: team/infra }
      - { id: note, phase: improvement, run: 'case decide {{case}} "turn the keys"' }
decisions:
  - { move: contain, by: [team/infra, rota/night], before: [Customer support is told] }
  - { move: close, by: [person/jane] }
`;
