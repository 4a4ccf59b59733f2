import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import type { GraphiQLPlugin } from '@graphiql/react';
import { useState } from 'react';
import { examples, variablesOf } from './examples';
import type { Example } from './examples';
import { factsOf } from './facts';
import type { Facts } from './facts';
import { SAMPLE_HOST } from './sample';

const HOST_KEY = 'exampleHost';

/** The publication that the examples ask for, remembered by the browser. */
function useHost(): [string, (host: string) => void] {
  const storage = useGraphiQL(state => state.storage);
  const [host, setHost] = useState(() => storage.get(HOST_KEY) ?? SAMPLE_HOST);
  const remember = (value: string) => {
    storage.set(HOST_KEY, value);
    setHost(value);
  };
  return [host, remember];
}

/** Shows an example in place of another one that was not edited, else in a new tab. */
function useOpen(): (example: Example, facts: Facts) => void {
  const { addTab, setOperationName, updateActiveTabValues } = useGraphiQLActions();
  const editors = useGraphiQL(
    ({ queryEditor, variableEditor, headerEditor, responseEditor }) =>
      ({ queryEditor, variableEditor, headerEditor, responseEditor }),
  );
  return (example, facts) => {
    const values = {
      query: example.query,
      variables: JSON.stringify(variablesOf(example, facts), null, 2),
      headers: editors.headerEditor?.getValue() ?? '',
      response: '',
    };
    if (!examples.some(({ query }) => query === editors.queryEditor?.getValue())) addTab();
    editors.queryEditor?.setValue(values.query);
    editors.variableEditor?.setValue(values.variables);
    editors.headerEditor?.setValue(values.headers);
    editors.responseEditor?.setValue(values.response);
    // The editors tell GraphiQL a moment later; a reader may be quicker and run what was there before.
    updateActiveTabValues(values);
    setOperationName(example.operation.name!.value);
    editors.queryEditor?.focus();
  };
}

function ExamplesPanel() {
  const [host, setHost] = useHost();
  const [notice, setNotice] = useState('');
  const open = useOpen();

  async function choose(example: Example) {
    const facts = await factsOf(host);
    setNotice(facts ? '' : `No publication answers at ${host}. Fill in the variables by hand.`);
    open(example, facts ?? { host });
  }

  return (
    <section className="examples" aria-label="Examples">
      <h2>Examples</h2>
      <label>
        Host of the publication
        <input value={host} onChange={event => setHost(event.target.value)} spellCheck={false} />
      </label>
      <p role="status">{notice}</p>
      <ul>
        {examples.map(example => (
          <li key={example.title}>
            <button type="button" onClick={() => void choose(example)}>
              <strong>{example.title}</strong>
              <span>{example.description}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function BookmarkIcon() {
  return (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden="true">
      <path d="M6 3.5h12v17l-6-4.5-6 4.5z" strokeLinejoin="round" />
    </svg>
  );
}

export const examplesPlugin: GraphiQLPlugin = {
  title: 'Examples',
  icon: BookmarkIcon,
  content: ExamplesPanel,
};
