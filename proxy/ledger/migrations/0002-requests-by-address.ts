/**
 * Where a request came from, kept only for apps with limits for each client address. The index is what
 * such a limit is rebuilt from after a start.
 */
export const requestsByAddress = `
ALTER TABLE requests ADD COLUMN address TEXT;
CREATE INDEX requests_by_address ON requests (app_num, address, at) WHERE address IS NOT NULL;
`;
