import windows from 'windows-iana';
import { isTimeZone } from './local-time.ts';

/** The IANA name of the zone that a TZID means; throws RangeError for one that is not known. */
export type ZoneOf = (tzid: string | undefined) => string;

/**
 * Zones of one calendar: times without a TZID are of `floating`. A TZID may be an IANA name, one behind a prefix as some
 * programs write them, a name of Windows, or one whose VTIMEZONE tells its place.
 */
export function calendarZones(
  floating: string,
  zones: readonly { readonly id: string; readonly location: string }[],
): ZoneOf {
  return (tzid) => {
    if (tzid === undefined) return floating;
    const tail = tzid.split('/');
    const names = [
      tzid,
      ...(windows.findIana(tzid).slice(0, 1) as string[]),
      ...zones.filter(({ id }) => id === tzid).map(({ location }) => location),
      ...(tail.length > 2 ? [tail.slice(-3).join('/'), tail.slice(-2).join('/')] : []),
    ];
    const known = names.find(isTimeZone);
    if (known === undefined)
      throw new RangeError(`names the time zone "${tzid.slice(0, 80)}", which is not known`);
    return known;
  };
}
