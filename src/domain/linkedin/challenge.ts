export const CHALLENGE_TYPES = [
  'two_factor',
  'otp',
  'email',
  'in_app',
  'otp_or_in_app',
  'phone',
  'captcha',
  'contract',
  'unknown',
] as const;
export type ChallengeType = (typeof CHALLENGE_TYPES)[number];

export const CHALLENGE_CHANNELS = ['sms', 'app', 'email', 'whatsapp'] as const;
export type ChallengeChannel = (typeof CHALLENGE_CHANNELS)[number];

/** What LinkedIn asks of the person. */
export interface Challenge {
  /** From 1, one more with every challenge of the session. */
  readonly seq: number;
  readonly type: ChallengeType;
  readonly channel: ChallengeChannel | null;
  /** False where the person acts elsewhere, as in the LinkedIn app. */
  readonly needsCode: boolean;
  /** What to choose from, where the code is one of several ids. */
  readonly options: readonly { readonly id: string; readonly name: string }[];
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  /** How many wrong codes the session still bears. */
  readonly attemptsLeft: number;
}

/** A challenge as a connector reports it. */
export type RaisedChallenge = Omit<Challenge, 'seq' | 'attemptsLeft'>;

/** Whether LinkedIn has to be asked again and again if the person has acted. */
export function isPolled(challenge: Challenge): boolean {
  return !challenge.needsCode || challenge.type === 'otp_or_in_app';
}
