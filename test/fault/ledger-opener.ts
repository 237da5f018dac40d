/** Opens a ledger, which creates or migrates it, and closes it again. */
import { openLedgerDatabase } from '../../proxy/ledger/open-database.ts';

openLedgerDatabase(process.argv[2] ?? '').close();
