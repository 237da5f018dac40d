import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent as load,
} from '@tanstack/react-router';
import { SCREENS, WELCOME_PATH } from '../../../proxy/contract/screens.ts';
import { ErrorState } from '../components/error-state.tsx';
import { AppLayout } from '../layout/app-layout.tsx';
import { MissingPage } from '../layout/missing-page.tsx';
import { PendingPage } from '../layout/pending-page.tsx';
import { anySearch, parseSearchText, rememberSearch, writeSearchText } from './search.ts';

const root = createRootRoute({
  component: AppLayout,
  notFoundComponent: MissingPage,
  validateSearch: anySearch,
});
const parent = (): typeof root => root;

const requests = createRoute({
  getParentRoute: parent,
  path: SCREENS.requests,
  component: load(() => import('../screens/requests/requests-screen.tsx'), 'RequestsScreen'),
});

const routeTree = root.addChildren([
  createRoute({
    getParentRoute: parent,
    path: SCREENS.overview,
    component: load(() => import('../screens/overview/overview-screen.tsx'), 'OverviewScreen'),
  }),
  createRoute({
    getParentRoute: parent,
    path: WELCOME_PATH,
    component: load(() => import('../screens/onboarding/onboarding-screen.tsx'), 'OnboardingScreen'),
  }),
  createRoute({
    getParentRoute: parent,
    path: SCREENS.apps,
    component: load(() => import('../screens/apps/apps-screen.tsx'), 'AppsScreen'),
  }),
  createRoute({
    getParentRoute: parent,
    path: `${SCREENS.apps}/$appId`,
    component: load(() => import('../screens/app-detail/app-detail-screen.tsx'), 'AppDetailScreen'),
  }),
  requests.addChildren([
    // Stands beside the list, which stays as it is: the list renders an <Outlet />.
    createRoute({
      getParentRoute: () => requests,
      path: '$requestId',
      component: load(
        () => import('../screens/request-detail/request-detail-screen.tsx'),
        'RequestDetailScreen',
      ),
    }),
  ]),
  createRoute({
    getParentRoute: parent,
    path: SCREENS.alerts,
    component: load(() => import('../screens/alerts/alerts-screen.tsx'), 'AlertsScreen'),
  }),
  createRoute({
    getParentRoute: parent,
    path: SCREENS.connect,
    component: load(() => import('../screens/connect/connect-screen.tsx'), 'ConnectScreen'),
  }),
  createRoute({
    getParentRoute: parent,
    path: SCREENS.coverage,
    component: load(() => import('../screens/coverage/coverage-screen.tsx'), 'CoverageScreen'),
  }),
  createRoute({
    getParentRoute: parent,
    path: SCREENS.security,
    component: load(() => import('../screens/security/security-screen.tsx'), 'SecurityScreen'),
  }),
  createRoute({
    getParentRoute: parent,
    path: SCREENS.key,
    component: load(() => import('../screens/key/key-screen.tsx'), 'KeyScreen'),
  }),
  createRoute({
    getParentRoute: parent,
    path: SCREENS.settings,
    component: load(() => import('../screens/settings/settings-screen.tsx'), 'SettingsScreen'),
  }),
]);

export const router = createRouter({
  routeTree,
  parseSearch: parseSearchText,
  stringifySearch: writeSearchText,
  // The code of a screen is fetched when the pointer rests on its link.
  defaultPreload: 'intent',
  defaultPendingMs: 150,
  defaultPendingMinMs: 0,
  defaultPendingComponent: PendingPage,
  defaultErrorComponent: ({ error, reset }) => <ErrorState error={error} onRetry={reset} />,
  scrollRestoration: true,
});

router.subscribe('onResolved', ({ toLocation }) => {
  rememberSearch(toLocation.pathname, anySearch(toLocation.search));
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
