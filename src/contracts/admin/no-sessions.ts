import type { Call } from '../../rpc/call.js';
import type { Place } from '../../services/page-token.js';

export interface AuthSessionView {
  readonly id: string;
  readonly active: boolean;
  readonly expiresAt: string;
  readonly authenticatedAt: string;
  readonly issuedAt: string;
  readonly aal: string;
  readonly methods: readonly {
    readonly method: string;
    readonly aal: string;
    readonly completedAt: string;
  }[];
  readonly devices: readonly {
    readonly id: string;
    readonly ipAddress: string | null;
    readonly userAgent: string | null;
    readonly location: string | null;
  }[];
}

/** What the contract does with auth sessions. */
export interface AdminSessions {
  list(
    key: { readonly tenant: string; readonly identityId: string },
    page: {
      readonly active?: boolean | undefined;
      readonly limit: number;
      readonly after: Place | undefined;
    },
    call: Call,
  ): Promise<{ readonly sessions: readonly AuthSessionView[]; readonly next: Place | undefined }>;
  revokeAll(
    key: { readonly tenant: string; readonly identityId: string },
    options: { readonly except?: string },
    call: Call,
  ): Promise<unknown>;
}

/** Until sessions can be opened, there are none. */
export const noSessions: AdminSessions = {
  list: async () => ({ sessions: [], next: undefined }),
  revokeAll: async () => 0,
};
