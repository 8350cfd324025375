import { expect } from 'chai';
import { invocation, lateInput } from '../../src/collector/invocation.ts';
import { commonText, scriptText } from '../../src/collector/scripts.ts';

describe('invocation', () => {
  const token = 'a'.repeat(32);
  const script = { name: 'test', text: 'echo "$1"\n' };

  it('puts nothing but sizes and arguments into the URL, and the rest on stdin', () => {
    const { command, head } = invocation({
      script,
      args: ['a b', ''],
      input: Buffer.from('in'),
      token,
      mode: 'collect',
    });
    const [boot, common] = [scriptText('boot'), commonText()].map((text) => Buffer.byteLength(text));
    expect(command.slice(0, 2)).to.deep.equal(['sh', '-c']);
    expect(command.slice(3)).to.deep.equal([String(boot), 'collect', String(common), '10', '2', 'a b', '']);
    expect(command.join(' ')).not.to.contain(token);
    expect(head.toString()).to.equal(`${scriptText('boot')}${token}\n${commonText()}${script.text}in`);
  });

  it('leaves out an input that comes later, with its size', () => {
    const { command, head } = invocation({ script, args: [], input: 'later', token, mode: 'collect' });
    expect(command.at(-1)).to.equal('-');
    expect(head.toString()).to.equal(`${scriptText('boot')}${token}\n${commonText()}${script.text}`);
    expect(lateInput(Buffer.from('in')).toString()).to.equal('2\nin');
  });

  it('keeps the token off the command line of a call, too', () => {
    const { command } = invocation({ script, args: [], token, mode: 1000 });
    expect(command[4]).to.equal('1000');
  });

  it('refuses arguments that cannot travel', () => {
    const make = (args: string[]) => () => invocation({ script, args, token, mode: 'collect' });
    expect(make(['a\0'])).to.throw('an argument of a script holds NUL');
    expect(make(['a'.repeat(2048), 'é'.repeat(1025)])).to.throw(
      'the arguments of test are longer than 4096 bytes',
    );
  });
});
