#!/usr/bin/python3
"""Grants the rights of rights.txt, in a domain of Samba controllers. It runs
wherever samba-tool does, and takes the same options for the logon.

    kinit Administrator
    ./delegate.py -H ldap://dc1.plant.example --use-kerberos=required \\
        --container "OU=Managed,DC=plant,DC=example" \\
        --group "CN=p-Viewers,OU=Groups,DC=plant,DC=example" \\
        --guarded-group "CN=p-Administrators,OU=Groups,DC=plant,DC=example" \\
        --unattended svc-import --approvers import-approvers --show

--show prints what would be done. What is there already is counted, and left as it is.
--undo takes away every entry that the two have on these objects themselves.
"""
import optparse
import os
import re
import sys

import ldb
from samba import getopt, sd_utils
from samba.auth import system_session
from samba.dcerpc import security
from samba.ndr import ndr_unpack
from samba.samdb import SamDB

USER = "bf967aba-0de6-11d0-a285-00aa003049e2"  # schemaIDGUID (MS-ADSC)
RESET_PASSWORD = "00299570-246d-11d0-a768-00aa006e0529"  # User-Force-Change-Password, MS-ADTS 5.1.3.2.1
OWNER_RIGHTS = "S-1-3-4"  # MS-DTYP 2.4.2.4
DACL = ["sd_flags:1:%d" % security.SECINFO_DACL]  # LDAP_SERVER_SD_FLAGS_OID (MS-ADTS 3.1.1.3.4.1.11)


def parse_arguments():
    parser = optparse.OptionParser("%prog [options]", description="Grants the rights of rights.txt.")
    logon = getopt.SambaOptions(parser)
    credentials = getopt.CredentialsOptions(parser)
    parser.add_option_group(logon)
    parser.add_option_group(credentials)
    add = parser.add_option
    add("-H", "--URL", dest="url", help="a domain controller, as ldap://dc1.plant.example")
    add("--container", help="DN of the managed container")
    add("--group", action="append", default=[], help="DN of a mapped group; may be repeated")
    add("--guarded-group", dest="guarded", action="append", default=[], help="DN of a mapped group that is guarded; may be repeated")
    add("--elsewhere", action="append", default=[], help="DN of a container from which accounts may be taken over; may be repeated")
    add("--unattended", help="account of the scheduled import")
    add("--approvers", help="group of those who decide, or an account")
    add("--attributes", help='attributes of the configuration, separated by blanks; without it those of rights.txt')
    add("--anchor", default="adminDescription", help='anchor_attribute of the configuration; "" for none')
    add("--leave-guarded", action="store_true", help="let the scheduled import change members of guarded groups, too")
    add("--can-not-change-password", action="store_true", help="for users_can_not_change_password")
    add("--fine-grained-policies", action="store_true", help="let approvers read the password policies, to know which one an account has")
    add("--show", action="store_true", help="print what would be done, and do nothing")
    add("--undo", action="store_true", help="take the entries away again")
    options, rest = parser.parse_args()
    if rest or not options.container or not (options.unattended or options.approvers):
        parser.error("--container, and --unattended or --approvers, are needed")
    if not options.url:
        parser.error("-H, which names a domain controller, is needed")
    options.lp = attempt("read smb.conf", logon.get_loadparm)
    options.credentials = credentials.get_credentials(options.lp)
    return options


def read_table(options):
    """Yields (who, where, inherit, right) for each line that applies."""
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "rights.txt"), encoding="ascii") as table:
        lines = [line.split(None, 4) for line in table if line.strip() and not line.startswith("#")]
    attributes = options.attributes.split() if options.attributes else []
    applies = {
        "always": True, "default": not attributes, "each": True, "anchor": options.anchor,
        "leave-guarded": options.leave_guarded, "can-not-change-password": options.can_not_change_password,
    }
    for who, where, condition, inherit, right in lines:
        if not applies[condition]:
            continue
        for attribute in attributes if condition == "each" else [""]:
            yield who, where, inherit, right.strip().replace("%attribute%", attribute).replace("%anchor%", options.anchor)


class Domain:
    """The directory, and what its names stand for."""

    def __init__(self, options):
        self.samdb = attempt("log on to %s as %s" % (options.url, options.credentials.get_username()), SamDB,
                             url=options.url, session_info=system_session(), credentials=options.credentials, lp=options.lp)
        self.utils = sd_utils.SDUtils(self.samdb)
        self.types = {"user": USER, "Reset Password": RESET_PASSWORD, "": ""}

    def sid(self, account):
        name = account.split("\\")[-1]
        found = attempt("look for " + account, self.samdb.search, self.samdb.domain_dn(), ldb.SCOPE_SUBTREE, "(sAMAccountName=%s)" % ldb.binary_encode(name), ["objectSid"])
        if len(found) != 1:
            sys.exit("there is no account or group %s in this domain" % account)
        return str(ndr_unpack(security.dom_sid, found[0]["objectSid"][0]))

    def type(self, name):
        """Returns the schemaIDGUID of an attribute or class."""
        if name not in self.types:
            found = attempt("look for " + name, self.samdb.search, self.samdb.get_schema_basedn(), ldb.SCOPE_ONELEVEL, "(lDAPDisplayName=%s)" % ldb.binary_encode(name), ["schemaIDGUID"])
            if len(found) != 1:
                sys.exit("the schema of this domain has no attribute %s" % name)
            self.types[name] = self.samdb.schema_format_value("schemaIDGUID", found[0]["schemaIDGUID"][0]).decode()
        return self.types[name]

    def entry(self, inherit, right, sid):
        """Turns what dsacls takes into SDDL."""
        rights, of, inheritor = (right.split(";") + ["", ""])[:3]
        flags = {"/I:T": "CI", "/I:S": "CIIO", "-": ""}[inherit]
        rights = {"CA": "CR"}.get(rights, rights)
        kind = "OA" if of or inheritor else "A"
        return "(%s;%s;%s;%s;%s;%s)" % (kind, flags, rights, self.type(of), self.type(inheritor), sid)

    def normal(self, entry):
        return security.descriptor.from_sddl("D:" + entry, self.utils.domain_sid).as_sddl(self.utils.domain_sid)[2:]

    def read(self, dn):
        """Returns the control flags of an access list, and its own entries in
        SDDL; what it inherits is worked out by the controller (MS-DTYP 2.5.1)."""
        descriptor = attempt("read the access list of " + dn, self.utils.read_sd_on_dn, dn, DACL)
        flags, entries = re.match(r"D:(\w*)(.*)", descriptor.as_sddl(self.utils.domain_sid)).groups()
        return flags, [e for e in re.findall(r"\(.*?\)", entries) if "ID" not in e.split(";")[1]]

    def write(self, dn, flags, entries):
        attempt("change the access list of " + dn, self.utils.modify_sd_on_dn, dn, "D:" + flags + "".join(entries), DACL)


def attempt(doing, function, *arguments, **named):
    try:
        return function(*arguments, **named)
    except (ldb.LdbError, RuntimeError) as error:  # the latter of Samba's own
        hint = "the name or password is wrong, or the account may not log on: " if "INVALID_CREDENTIALS" in str(error) else ""
        sys.exit("%s: %s%s" % (doing, hint, error.args[-1]))


def grant(domain, options, objects, sids):
    for dn, where in objects:
        flags, present = domain.read(dn)
        new, kept = [], 0
        for who, place, inherit, right in read_table(options):
            for one in ("unattended", "approvers") if who == "both" else (who,):
                entry = domain.normal(domain.entry(inherit, right, sids[one])) if place == where and one in sids else None
                kept += entry in present
                if entry and entry not in present + new:
                    print("%s: + %s %s: %s" % (dn, one, right, entry))
                    new.append(entry)
        if kept:
            print("%s: %d entries are there already" % (dn, kept))
        if new and not options.show:
            domain.write(dn, flags, present + new)


def undo(domain, options, objects, sids):
    trustees = [trustee(domain.normal("(A;;RP;;;%s)" % sid)) for sid in sids.values()]
    for dn, _ in objects:
        flags, present = domain.read(dn)
        rest = [entry for entry in present if trustee(entry) not in trustees]
        for entry in present:
            if entry not in rest:
                print("%s: - %s" % (dn, entry))
        if rest == present:
            print("%s: nothing to take away" % dn)
        if rest != present and not options.show:
            domain.write(dn, flags, rest)


def trustee(entry):
    return entry.rstrip(")").split(";")[5]


def main():
    options = parse_arguments()
    domain = Domain(options)
    sids = {"owner": OWNER_RIGHTS}
    for who in ("unattended", "approvers"):
        if getattr(options, who):
            sids[who] = domain.sid(getattr(options, who))
    objects = [(options.container, "container")]
    for where in ("group", "guarded", "elsewhere"):
        objects += [(dn, where) for dn in getattr(options, where)]
    if options.fine_grained_policies:
        objects.append(("CN=Password Settings Container,CN=System," + domain.samdb.domain_dn(), "policies"))
    (undo if options.undo else grant)(domain, options, objects, sids)


if __name__ == "__main__":
    main()
