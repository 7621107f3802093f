/** GraphiQL, with a menu that signs in, tabs that are prepared, and the events that come live. */
import { GraphiQL, type GraphiQLProps } from 'graphiql';
import { buildSchema } from 'graphql';
import { createRoot } from 'react-dom/client';
import schemaText from '../../schema.graphql';
import { fetcher, live } from './connection.js';
import { LivePanel } from './live.panel.js';
import { SignIn } from './sign-in.js';
import type { Tabs } from './tabs.js';
import { useSession } from './use-session.js';
import './editor.js';
import 'graphiql/graphiql.css';
import '@graphiql/react/style.css';
import '@graphiql/plugin-doc-explorer/style.css';
import '@graphiql/plugin-history/style.css';
import './style.css';

/** The schema of this server, which answers no introspection in production. */
const schema = buildSchema(schemaText, { assumeValid: true });
const root = document.getElementById('root')!;

function App() {
  const { users, user, error, shown, signIn, resetTabs, keepTabs } = useSession(root);
  return (
    <>
      <header className="bar">
        <h1>Parley</h1>
        <SignIn users={users} user={user} signIn={signIn} />
        {error && <p role="alert">{error}</p>}
        <button type="button" onClick={resetTabs}>
          Reset tabs
        </button>
      </header>
      {shown && <Editor key={shown.number} tabs={shown.tabs} keepTabs={keepTabs} />}
      <LivePanel live={live} />
    </>
  );
}

function Editor({ tabs, keepTabs }: { tabs: Tabs; keepTabs: (tabs: Tabs) => void }) {
  const active = tabs.tabs[tabs.activeTabIndex]!;
  return (
    <GraphiQL
      // Of the ways to subscribe, GraphiQL uses the one that ours has.
      fetcher={fetcher as GraphiQLProps['fetcher']}
      schema={schema}
      defaultTabs={tabs.tabs.map(({ query, variables }) => ({ query, variables }))}
      initialQuery={active.query ?? ''}
      initialVariables={active.variables ?? ''}
      defaultEditorToolsVisibility="variables"
      onTabChange={(state) => {
        live.tabChanged(state);
        keepTabs(state);
      }}
    >
      <GraphiQL.Logo>GraphiQL</GraphiQL.Logo>
    </GraphiQL>
  );
}

createRoot(root).render(<App />);
