/**
 * The operating system of a node, as far as its files depend on it. Debian's and Ubuntu's long-term releases: their programs keep
 * one version for years, and an option that the installed version doesn't know often stops it.
 */
export class OperatingSystem {
  /** Debian 12 (bookworm): OpenSSH 9.2. */
  public static readonly DEBIAN_12 = new OperatingSystem('Debian 12', 'debian', '12', '9.2');
  /** Debian 13 (trixie): OpenSSH 10.0, with post-quantum key exchange as standardised (ML-KEM, FIPS 203). */
  public static readonly DEBIAN_13 = new OperatingSystem('Debian 13', 'debian', '13', '10.0');
  /** Ubuntu 22.04 LTS (jammy): OpenSSH 8.9. It can't refuse short RSA keys of users. */
  public static readonly UBUNTU_22_04 = new OperatingSystem('Ubuntu 22.04', 'ubuntu', '22.04', '8.9');
  /** Ubuntu 24.04 LTS (noble): OpenSSH 9.6. */
  public static readonly UBUNTU_24_04 = new OperatingSystem('Ubuntu 24.04', 'ubuntu', '24.04', '9.6');

  private constructor(
    /** For people, for instance `Debian 13`. */
    public readonly name: string,
    /** `ID` in os-release(5), for instance `debian`. */
    public readonly osReleaseId: string,
    /** `VERSION_ID` in os-release(5), for instance `13`. */
    public readonly osReleaseVersionId: string,
    /** The OpenSSH that the release ships, for instance `10.0`. */
    public readonly openSshVersion: string,
  ) {}

  /**
   * Whether the release's OpenSSH is at least a version: an option that it doesn't know stops sshd.
   * @internal
   */
  public _openSshAtLeast(major: number, minor: number): boolean {
    const [ownMajor, ownMinor] = this.openSshVersion.split('.').map(Number);
    return ownMajor > major || (ownMajor === major && ownMinor >= minor);
  }

  /** For people, for instance `Debian 13`. */
  public toString(): string {
    return this.name;
  }
}
