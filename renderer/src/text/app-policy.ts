import { defineText } from './define-text.ts';

export const appPolicyText = defineText('app-policy', {
  save: 'Save policy',
  discard: 'Discard',
  saved: 'The policy holds from the next request on.',
  dirty: 'Not saved yet',
  addLimit: 'Add',
  noLimit: 'No limit',
  wholeNumber: 'A whole number from 1 on.',
  tooMany: 'At most 10,000.',
  models: {
    title: 'Models',
    label: 'Allowed models',
    what: 'Names or patterns such as gpt-5* or o?-mini. A request for another model is refused. Empty allows every model.',
    placeholder: 'Every model',
    maxOutputTokens: 'Output tokens a request',
    maxOutputTokensWhat:
      'A request that asks for more, or names no maximum, is lowered to this. Answers may be shorter.',
    unpriced: 'A model whose price is unknown',
    unpricedOptions: {
      deny: { title: 'Refuse', what: 'Under a dollar limit, what cannot be priced is not sent.' },
      dearest: { title: 'Count as the dearest', what: 'It is sent, and costs the highest known rate.' },
    },
  },
  rates: {
    title: 'Rate and concurrency',
    rpm: 'Requests a minute',
    rpmWhat: 'More are refused with 429 and told when to try again.',
    tpm: 'Model tokens a minute',
    tpmWhat: 'Counts input and output together.',
    concurrency: 'Requests at once',
    concurrencyWhat: 'More than this many under way are refused with 429.',
  },
  endpoints: {
    title: 'Endpoints it may opt into',
    what: 'Chat, responses, embeddings, images, audio and the like are always open. These are not, unless you say so.',
    options: {
      files: { title: 'Files', what: 'Upload and read files at OpenAI.' },
      'vector-stores': { title: 'Vector stores', what: 'Storage that costs money for each day it is kept.' },
      batches: { title: 'Batches', what: 'Work that is billed within a day; its hold stays until then.' },
      containers: { title: 'Containers', what: 'Code interpreter sessions, billed by time.' },
      assistants: {
        title: 'Assistants',
        what: 'OpenAI has shut this API down, so its routes are refused in any case.',
      },
      'foreign-ids': {
        title: 'Foreign ids',
        what: 'Objects that Tollgate has not seen being made, such as files uploaded elsewhere.',
      },
      'unknown-routes': {
        title: 'Unknown routes',
        what: 'Routes that Tollgate does not know pass unmetered. Only for apps without a dollar limit.',
      },
    },
  },
  browser: {
    title: 'Web pages',
    label: 'Allowed origins',
    what: 'Web pages of exactly these origins may call with a token of this app. All others are refused.',
    placeholder: 'None. Such as http://localhost:3000',
  },
  aborts: {
    title: 'When a program goes away in mid-stream',
    options: {
      cut: { title: 'Cut', what: 'Stops the answer at OpenAI at once, so it stops costing.' },
      drain: { title: 'Read to the end', what: 'Lets it finish, so that its cost is exact.' },
    },
  },
  perUser: {
    title: 'Limits for each end user',
    what: 'Told apart by the header x-tollgate-user, or else by safety_identifier or user of the request.',
    add: 'Add a limit for each user',
  },
  perIp: {
    title: 'Limits for each address',
    what: 'Told apart by the address that the request comes from.',
    add: 'Add a limit for each address',
  },
});
