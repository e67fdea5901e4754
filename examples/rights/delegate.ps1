<#
.SYNOPSIS
Grants the rights of rights.txt in an Active Directory domain, by dsacls.

.DESCRIPTION
Run it as an administrator who may change the access lists of the container and the
groups, on a machine that has dsacls (the Remote Server Administration Tools,
or a domain controller). -Show prints the lines and does nothing. -Undo takes away every entry that the two have on these
objects themselves, and the one for OWNER RIGHTS on the container.

.EXAMPLE
.\delegate.ps1 -Container "OU=Managed,DC=plant,DC=example" -Group "CN=p-Viewers,OU=Groups,DC=plant,DC=example" -GuardedGroup "CN=p-Administrators,OU=Groups,DC=plant,DC=example" -Unattended 'PLANT\svc-import$' -Approvers "PLANT\import-approvers" -Show

.EXAMPLE
.\delegate.ps1 ... -Attributes (Get-Content -Raw import_config.json | ConvertFrom-Json).attributes.PSObject.Properties.Name

The attributes of a configuration that names some.
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
$owner = "S-1-3-4" # OWNER RIGHTS, whose name is another one in other languages (MS-DTYP 2.4.2.4)
$accounts = @{ "unattended" = @($Unattended); "approvers" = @($Approvers); "both" = @($Unattended, $Approvers); "owner" = @($owner) }

function Invoke-Dsacls([string[]]$Arguments) {
    Write-Output ("dsacls " + (($Arguments | ForEach-Object { if ($_ -match "[ ;,]") { "`"$_`"" } else { $_ } }) -join " "))
    if ($Show) { return }
    $answer = & dsacls.exe $Arguments
    if ($LASTEXITCODE -ne 0) { throw "dsacls ended with ${LASTEXITCODE}: $answer" }
}

if ($Undo) {
    foreach ($where in $objects.Keys) {
        foreach ($dn in $objects[$where]) {
            $trustees = @($Unattended, $Approvers)
            if ($where -eq "container") { $trustees += $owner }
            foreach ($account in $trustees) { if ($account) { Invoke-Dsacls @($dn, "/R", $account) } }
        }
    }
    return
}

foreach ($line in Get-Content "$PSScriptRoot\rights.txt") {
    if ($line -match "^\s*(#|$)") { continue }
    $who, $where, $if, $inherit, $right = $line -split "\s+", 5
    if (-not $applies[$if]) { continue }
    $names = if ($if -eq "each") { $Attributes } else { @("") }
    foreach ($name in $names) {
        $what = $right.Replace("%attribute%", $name).Replace("%anchor%", $Anchor)
        foreach ($dn in $objects[$where]) {
            foreach ($account in $accounts[$who]) {
                if (-not $account) { continue }
                if ($inherit -eq "-") { Invoke-Dsacls @($dn, "/G", "${account}:$what") }
                else { Invoke-Dsacls @($dn, $inherit, "/G", "${account}:$what") }
            }
        }
    }
}
