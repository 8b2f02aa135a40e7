import { invalid } from './errors';
import { lock } from './immutable';
import { markAs } from './made-by';

/** A body of rules that a control, a check or a default follows. */
export enum Standard {
  /** Kubernetes Pod Security Standards. */
  PSS = 'PSS',
  /** CIS Kubernetes Benchmark. */
  CIS = 'CIS',
  /** NSA/CISA Kubernetes Hardening Guide. */
  NSA = 'NSA',
  /** MITRE ATT&CK, matrix for containers. */
  MITRE = 'MITRE',
  /** CIS Amazon Web Services Foundations Benchmark. */
  CIS_AWS = 'CIS-AWS',
}

/** One rule of a published standard, for instance `CIS cis-1.12 1.2.15`. */
export class Reference {
  /**
   * A rule of the Pod Security Standards.
   * @param id level and control, for instance `restricted/seccompProfile`
   */
  public static pss(id: string): Reference {
    return new Reference(Standard.PSS, id);
  }

  /**
   * A recommendation of the CIS Kubernetes Benchmark.
   * @param id for instance `1.2.15`
   * @param edition the benchmark as kube-bench names it; ids move between editions. Default: `cis-1.12`
   */
  public static cis(id: string, edition: string = 'cis-1.12'): Reference {
    return new Reference(Standard.CIS, id, edition);
  }

  /**
   * A section of the NSA/CISA Kubernetes Hardening Guide.
   * @param id the section's title, of version 1.2 of the guide (August 2022)
   */
  public static nsa(id: string): Reference {
    return new Reference(Standard.NSA, id, '1.2');
  }

  /**
   * A technique of MITRE ATT&CK for containers.
   * @param id for instance `T1611`
   */
  public static mitre(id: string): Reference {
    if (!/^T\d{4}(\.\d{3})?$/.test(id)) {
      throw invalid({ property: 'id', got: id, allowed: 'a technique such as T1611 or T1552.007', fix: 'Take the id from the ATT&CK matrix.' });
    }
    return new Reference(Standard.MITRE, id);
  }

  /**
   * A recommendation of the CIS Amazon Web Services Foundations Benchmark.
   * @param id for instance `5.6`
   * @param edition the benchmark's version, for instance `3.0.0`; ids move between versions
   */
  public static cisAws(id: string, edition: string): Reference {
    return new Reference(Standard.CIS_AWS, id, edition);
  }

  private constructor(
    /** The body of rules. */
    public readonly standard: Standard,
    /** The rule's id there. */
    public readonly id: string,
    /** The edition of the standard, where ids depend on it. */
    public readonly edition?: string,
  ) {
    if (typeof id !== 'string' || id.trim() === '') {
      throw invalid({ property: 'id', got: id, allowed: `the id of a rule of ${standard}`, fix: 'Name the rule as the standard does.' });
    }
    lock(this);
    markAs('Reference', this);
  }

  /** For people and reports, for instance `CIS cis-1.12 1.2.15`. */
  public toString(): string {
    return [this.standard, this.edition, this.id].filter((part) => part !== undefined).join(' ');
  }
}
