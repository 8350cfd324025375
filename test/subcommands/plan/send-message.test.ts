import { join } from 'node:path';
import { expect } from 'chai';
import type { Escalation } from '../../../src/incident/plan/escalation-now.ts';
import { OperationError } from '../../../src/output/errors.ts';
import { sendMessage } from '../../../src/subcommands/plan/send-message.ts';
import { inSandbox } from '../../evidence/sandbox.ts';
import { failureOf } from '../../support/failure.ts';
import { memoryIo } from '../../support/memory-io.ts';

describe('sendMessage', () => {
  it('sends nothing that it cannot record', () =>
    inSandbox(async (dir) => {
      const context = { io: memoryIo(), global: {}, signal: new AbortController().signal };
      const escalation = { message: 'x', step: 1, chains: [], calls: [] } as unknown as Escalation;
      const url = new URL('http://127.0.0.1:9/hook');
      const error = await failureOf(sendMessage(context, url, escalation, join(dir, 'none')));
      expect(error).to.be.instanceOf(OperationError);
      expect(error.message).to.match(/^no case at /);
    }));
});
