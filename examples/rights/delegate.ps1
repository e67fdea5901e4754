<#
.SYNOPSIS
Grants the rights of rights.txt in an Active Directory domain.

.DESCRIPTION
Run it on a computer of the domain, as someone who may change the access lists of the
container and the groups; it needs no other tools. What is there already stays as it is, so it may be run again.
-Show prints the entries and does nothing. -Undo takes away every entry that the two
have on these objects themselves, and the one for OWNER RIGHTS that this script made: name the same objects.

.EXAMPLE
.\delegate.ps1 -Container "OU=Managed,DC=plant,DC=example" -Group "CN=p-Viewers,OU=Groups,DC=plant,DC=example" -GuardedGroup "CN=p-Administrators,OU=Groups,DC=plant,DC=example" -Unattended 'PLANT\svc-import$' -Approvers "PLANT\import-approvers" -Show

.EXAMPLE
.\delegate.ps1 ... -Attributes mail, title, department

The attributes of a configuration that names some: the keys below "attributes".
#>
param(
    [Parameter(Mandatory)][string]$Container,  # DN of the managed container
    [string[]]$Group = @(),                    # DNs of mapped groups
    [string[]]$GuardedGroup = @(),             # DNs of mapped groups that are guarded
    [string[]]$Elsewhere = @(),                # DNs of containers from which accounts may be taken over
    [string]$Unattended,                       # account of the scheduled import, as DOMAIN\name
    [string]$Approvers,                        # group of those who decide, as DOMAIN\name
    [string[]]$Attributes = @(),               # those of the configuration; without it those of rights.txt
    [string]$Anchor = "adminDescription",      # anchor_attribute of the configuration; "" for none
    [switch]$LeaveGuarded,                     # let the scheduled import change members of guarded groups, too
    [switch]$CanNotChangePassword,             # for users_can_not_change_password
    [switch]$FineGrainedPolicies,              # let approvers read the password policies
    [switch]$Show,
    [switch]$Undo
)

$ErrorActionPreference = "Stop"
if (-not $Unattended -and -not $Approvers) { throw "name the account (-Unattended), the group (-Approvers), or both" }

$applies = @{
    "always" = $true; "each" = $true; "default" = ($Attributes.Count -eq 0); "anchor" = ($Anchor -ne "")
    "leave-guarded" = [bool]$LeaveGuarded; "can-not-change-password" = [bool]$CanNotChangePassword
}
$objects = @{ "container" = @($Container); "group" = $Group; "guarded" = $GuardedGroup; "elsewhere" = $Elsewhere; "policies" = @() }
if ($FineGrainedPolicies) {
    $domain = $Container -replace "^.*?,(?=DC=)", ""
    $objects["policies"] = @("CN=Password Settings Container,CN=System,$domain")
}

function Get-Sid([string]$Account) {
    if (-not $Account) { return }
    try { ([Security.Principal.NTAccount]$Account).Translate([Security.Principal.SecurityIdentifier]) }
    catch { throw "there is no account or group $Account; write it as DOMAIN\name" }
}
$owner = [Security.Principal.SecurityIdentifier]"S-1-3-4" # OWNER RIGHTS (MS-DTYP 2.4.2.4)
$two = @((Get-Sid $Unattended), (Get-Sid $Approvers))
$accounts = @{ "unattended" = @($two[0]); "approvers" = @($two[1]); "both" = $two; "owner" = @($owner) }

# The letters of rights.txt (MS-ADTS 5.1.3.2), and what its names stand for: no display
# names, which differ from language to language.
$letters = @{
    "CC" = "CreateChild"; "RP" = "ReadProperty"; "WP" = "WriteProperty"; "LC" = "ListChildren"; "LO" = "ListObject"
    "RC" = "ReadControl"; "SD" = "Delete"; "WD" = "WriteDacl"; "CA" = "ExtendedRight"
}
$inheritance = @{ "-" = "None"; "/I:T" = "All"; "/I:S" = "Descendents" }
$guids = @{ "" = [Guid]::Empty; "Reset Password" = [Guid]"00299570-246d-11d0-a768-00aa006e0529" } # User-Force-Change-Password

# Returns the schemaIDGUID of an attribute or class.
function Get-Type([string]$Name) {
    if (-not $guids.ContainsKey($Name)) {
        if ($Name -notmatch "^[A-Za-z][A-Za-z0-9-]*$") { throw "$Name is not the name of an attribute" }
        $schema = [string]([ADSI]"LDAP://RootDSE").schemaNamingContext
        $search = New-Object DirectoryServices.DirectorySearcher([ADSI]"LDAP://$schema", "(lDAPDisplayName=$Name)", @("schemaIDGUID"), "OneLevel")
        $found = $search.FindOne()
        if (-not $found) { throw "the schema of this domain has no attribute or class $Name" }
        $guids[$Name] = [Guid]::new([byte[]]$found.Properties["schemaidguid"][0])
    }
    $guids[$Name]
}

# Makes a rule of a right, as "WP;mail;user": what may be done; with what; for which class.
function New-Rule($Sid, [string]$Inherit, [string]$Right) {
    $parts = ($Right + ";;") -split ";"
    $rights = ([regex]::Matches($parts[0], "..") | ForEach-Object { $letters[$_.Value] }) -join ", "
    New-Object DirectoryServices.ActiveDirectoryAccessRule($Sid, [DirectoryServices.ActiveDirectoryRights]$rights, "Allow", (Get-Type $parts[1]), $inheritance[$Inherit], (Get-Type $parts[2]))
}

# Returns what is to be granted on one kind of object, as SID, inheritance and right.
function Get-Rights([string]$Kind) {
    foreach ($line in Get-Content "$PSScriptRoot\rights.txt") {
        if ($line -match "^\s*(#|$)") { continue }
        $who, $where, $if, $inherit, $right = $line.Trim() -split "\s+", 5
        if ($where -ne $Kind -or -not $applies[$if]) { continue }
        $names = if ($if -eq "each") { $Attributes } else { @("") }
        foreach ($name in $names) {
            foreach ($sid in $accounts[$who]) {
                if ($sid) { @{ Sid = $sid; Inherit = $inherit; Right = $right.Replace("%attribute%", $name).Replace("%anchor%", $Anchor) } }
            }
        }
    }
}

function Open-Object([string]$Dn) {
    $object = New-Object DirectoryServices.DirectoryEntry("LDAP://" + $Dn.Replace("/", "\/"))
    $object.psbase.Options.SecurityMasks = "Dacl"
    $object
}

function Grant-On([string]$Dn, $Rights) {
    $object = if (-not $Show) { Open-Object $Dn }
    foreach ($r in $Rights) {
        $name = if ($r.Sid -eq $owner) { "OWNER RIGHTS" } else { $r.Sid.Translate([Security.Principal.NTAccount]) }
        Write-Output "$Dn  $name  $($r.Inherit)  $($r.Right)"
        $rule = New-Rule $r.Sid $r.Inherit $r.Right
        if ($object) { $object.psbase.ObjectSecurity.AddAccessRule($rule) }
    }
    if ($object) { $object.psbase.CommitChanges() }
}

function Undo-On([string]$Dn, $Rights) {
    Write-Output "$Dn  without the entries of $Unattended $Approvers"
    if ($Show) { return }
    $object = Open-Object $Dn
    foreach ($sid in $two) { if ($sid) { $object.psbase.ObjectSecurity.PurgeAccessRules($sid) } }
    foreach ($r in $Rights) {
        if ($r.Sid -eq $owner) { [void]$object.psbase.ObjectSecurity.RemoveAccessRule((New-Rule $r.Sid $r.Inherit $r.Right)) }
    }
    $object.psbase.CommitChanges()
}

$failed = @()
foreach ($kind in $objects.Keys) {
    $rights = @(Get-Rights $kind)
    foreach ($dn in $objects[$kind]) {
        try { if ($Undo) { Undo-On $dn $rights } else { Grant-On $dn $rights } }
        catch { $failed += "${dn}: $($_.Exception.Message)" }
    }
}
if ($failed) { throw "not everything was done:`n$($failed -join "`n")" }
