# Installs ad-user-sync for this computer; run it as an administrator, in the
# folder that the zip was unpacked to:
#
#   powershell -ExecutionPolicy Bypass -File install.ps1
#
# Program, documents, examples and scripts go into -To, which is put into the
# PATH. A later version is installed over it in the same way. -Uninstall takes
# both away again. What the program reads and writes lies elsewhere
# (C:\ProgramData\ad-user-sync), and is neither made nor removed here.

param(
    [string]$To = "$env:ProgramFiles\ad-user-sync",
    [switch]$Uninstall
)

$ErrorActionPreference = "Stop"
$who = New-Object Security.Principal.WindowsPrincipal([Security.Principal.WindowsIdentity]::GetCurrent())
if (-not $who.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)) {
    throw "Run this as an administrator: it writes to $To and to the PATH of this computer."
}

# The PATH is kept as it is written, with names such as %SystemRoot% in it.
$key = "HKLM:\SYSTEM\CurrentControlSet\Control\Session Manager\Environment"
$path = @((Get-Item $key).GetValue("Path", "", "DoNotExpandEnvironmentNames") -split ";" | Where-Object { $_ -and $_ -ne $To })
function Set-MachinePath([string[]]$Folders) {
    Set-ItemProperty $key -Name Path -Type ExpandString -Value ($Folders -join ";")
    [Environment]::SetEnvironmentVariable("AD_USER_SYNC_INSTALL", $null, "User") # tells Explorer that the environment changed
}

if ($Uninstall) {
    Set-MachinePath $path
    if (Test-Path "$To\ad-user-sync.exe") { Remove-Item -Recurse -Force $To }
    "ad-user-sync was removed from $To. Scheduled tasks, configuration, keys and ledger were left as they are."
    return
}

if ($PSScriptRoot -ne $To) {
    New-Item -ItemType Directory -Force $To | Out-Null
    Copy-Item -Recurse -Force "$PSScriptRoot\*" $To
}
Get-ChildItem -Recurse -File $To | Unblock-File
Set-MachinePath ($path + $To)
& "$To\ad-user-sync.exe" version
"Installed in $To. Open a new console, and begin with: ad-user-sync demo"
