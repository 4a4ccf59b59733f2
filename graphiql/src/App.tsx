import { explorerPlugin } from '@graphiql/plugin-explorer';
import '@graphiql/plugin-explorer/style.css';
import { GraphiQL, HISTORY_PLUGIN } from 'graphiql';
import 'graphiql/style.css';
import { examplesPlugin } from './ExamplesPanel';
import { FollowSystemTheme } from './FollowSystemTheme';
import { fetcher } from './endpoint';
import mark from './masthead.svg';
import './page.css';
import { storage } from './storage';
import { welcome } from './welcome';

const plugins = [explorerPlugin(), examplesPlugin, HISTORY_PLUGIN];

const headers = `{
  // "Authorization": "Bearer YOUR_TOKEN"
}`;

export function App() {
  return (
    <GraphiQL
      fetcher={fetcher}
      plugins={plugins}
      storage={storage}
      defaultQuery={welcome}
      defaultHeaders={headers}
      defaultEditorToolsVisibility="variables"
    >
      <FollowSystemTheme />
      <GraphiQL.Logo>
        <span className="logo">
          <img src={mark} alt="" />
          Masthead
        </span>
      </GraphiQL.Logo>
    </GraphiQL>
  );
}
