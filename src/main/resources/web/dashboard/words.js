// Plain words beside the field's own: for each state of each side what is going on, for events, rights and waits.

let states = new Map();
let groups = [];
export let role = 'daemon';
export let rights = new Set();

export function learn(overview, known) {
  role = overview.role;
  rights = new Set(overview.you.permissions);
  states = new Map(known.states.map(state => [state.name, state]));
  groups = known.groups;
}

export const allGroups = () => groups;
export const isMiner = () => role === 'miner';
export const otherSide = () => (isMiner() ? 'client' : 'miner');

const OURS = {
  daemon: {
    Unknown: 'Just begun', ReserveClientFunds: 'Setting our money aside', ClientFunding: 'Adding money to the escrow', FundsReserved: 'Proposing to the miner',
    StartDataTransfer: 'Opening the data transfer', TransferQueued: 'Waiting for the miner to take the data', Transferring: 'Sending the data',
    ClientTransferRestart: 'Taking the transfer up again', CheckForAcceptance: 'The miner has the data; waiting for it to publish', ProposalAccepted: 'Accepted; being published',
    AwaitingPreCommit: 'Published; waiting for the sector', Sealing: 'The miner seals the data', Active: 'Active: the miner proves it every day', Expired: 'Came to its end',
    Slashed: 'Broken by the miner', Failing: 'Failing: giving back what it holds', Error: 'Failed',
  },
  miner: {
    Unknown: 'Just begun', Validating: 'Checking the proposal', AcceptWait: 'Deciding', WaitingForData: 'Accepted; waiting for the client’s data', Transferring: 'Receiving the data',
    ProviderTransferAwaitRestart: 'Transfer broke off; waiting for the client', VerifyData: 'Checking the data', ReserveProviderFunds: 'Setting our collateral aside',
    ProviderFunding: 'Adding collateral to the escrow', Publish: 'Waiting for the next publish message', Publishing: 'Being published on chain', Staged: 'On chain; handing the data to sealing',
    AwaitingPreCommit: 'Waiting for its sector', Sealing: 'Its sector is being proven', Finalizing: 'Clearing up', Active: 'Active: we prove it every day', Expired: 'Came to its end',
    Slashed: 'We broke it: collateral lost', Rejecting: 'Refusing the proposal', Failing: 'Failing: giving back what it holds', Error: 'Failed',
  },
};

const PREFIX = 'StorageDeal';
export const shortName = name => (name.startsWith(PREFIX) ? name.slice(PREFIX.length) : name);

export function stateWords(name) {
  return OURS[role][shortName(name)] || (states.get(name) || {}).label || shortName(name);
}

export function theirWords(name) {
  return OURS[isMiner() ? 'daemon' : 'miner'][shortName(name)] || {ProposalNotFound: 'Knows no such deal', ProposalRejected: 'Refused the proposal', ProposalAccepted: 'Accepted'}[shortName(name)]
      || (states.get(name) || {}).label || shortName(name);
}

export const groupOf = name => (states.get(name) || {group: 'offer'}).group;
export const isFinal = name => (states.get(name) || {}).isFinal === true;
export const isOver = name => isFinal(name) || groupOf(name) === 'active';

const TONES = {offer: 'busy', transfer: 'busy', publish: 'busy', seal: 'busy', active: 'good', ended: '', failed: 'bad'};
export const tone = name => TONES[groupOf(name)];

// What the client is expected to be at while a provider's deal is in that state: a client does not tell its own.
const CLIENT_AT = {
  Validating: 'FundsReserved', AcceptWait: 'FundsReserved', WaitingForData: 'StartDataTransfer', Transferring: 'Transferring', ProviderTransferAwaitRestart: 'ClientTransferRestart',
  VerifyData: 'CheckForAcceptance', ReserveProviderFunds: 'CheckForAcceptance', ProviderFunding: 'CheckForAcceptance', Publish: 'CheckForAcceptance', Publishing: 'ProposalAccepted',
  Staged: 'AwaitingPreCommit', AwaitingPreCommit: 'AwaitingPreCommit', Sealing: 'Sealing', Finalizing: 'Active', Active: 'Active', Expired: 'Expired', Slashed: 'Slashed', Rejecting: 'Failing',
};
export const expectedThere = name => (isMiner() ? CLIENT_AT[shortName(name)] : null);

const EVENTS = {
  Open: 'Begun', DealDeciding: 'The proposal is sound', DealRejected: 'Refused', DealAccepted: 'Accepted', DataRequested: 'Accepted; data asked for', Funded: 'Collateral is there',
  FundingInitiated: 'Money sent to the escrow', FundingComplete: 'Money is in the escrow', FundsReserved: 'Money set aside', FundsReleased: 'Money given back',
  InitiateDataTransfer: 'The miner took the proposal', DataTransferQueued: 'Transfer asked for', DataTransferInitiated: 'Data began to flow', DataTransferRestarted: 'Transfer taken up again',
  DataTransferStalled: 'No data came for a while', DataTransferComplete: 'All data sent', DataTransferCompleted: 'All data received', DataTransferCancelled: 'Transfer cancelled',
  DataTransferFailed: 'Transfer failed', VerifiedData: 'The data is what was agreed', DealPublishInitiated: 'Publish message sent', DealPublished: 'Published on chain',
  DealHandedOff: 'Handed to sealing', DealPrecommitted: 'Sector pre-committed on chain', DealActivated: 'Sector proven on chain', Finalized: 'Done', DealExpired: 'Came to its end',
  DealSlashed: 'Slashed', Failed: 'Failed', Restart: 'The node was restarted', WaitForDealState: 'The miner was asked', StreamCloseError: 'The connection closed',
  OperatorRewound: 'Taken back by an operator', Reverted: 'The chain took it back', PublishReverted: 'The chain took the publication back', RejectionSent: 'Refusal sent',
};
export const eventWords = event => EVENTS[event] || event.replace(/([a-z])([A-Z])/g, (all, a, b) => `${a} ${b.toLowerCase()}`);

const WHO = {peer: () => (isMiner() ? 'the client' : 'the miner'), chain: () => 'the chain', sealer: () => 'sealing', operator: () => 'a person', time: () => 'time', money: () => 'money', node: () => 'this node'};
export const who = on => (WHO[on] ? WHO[on]() : on);

export const RIGHTS = {read: 'look', write: 'retry and restart', sign: 'move money', admin: 'change and end things'};

// Why a button is grey: the sentence for a person without the right, or null.
export function lacking(right) {
  return rights.has(right) ? null : `Your sign-in may not ${RIGHTS[right]} (it lacks the right “${right}”). Ask the operator of this node.`;
}

export function waits(deal) {
  if (!deal.waitsFor) return null;
  return `Waits for ${deal.waitsFor}`;
}

export const needsPerson = deal => deal.parked || deal.waitsOn === 'operator' || deal.waitsOn === 'money' || deal.attempt >= 3
    || Boolean(deal.deadline && Date.parse(deal.deadline) < Date.now());
