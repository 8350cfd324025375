/** How much something asks for attention; said by words too, never by colour alone. */
export type Tone = 'bad' | 'warn' | 'good' | 'plain';
