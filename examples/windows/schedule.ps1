# Registers the daily task of one side and starts it once; run it as an
# administrator, with the configuration in C:\ProgramData\ad-user-sync:
#
#   .\schedule.ps1 -Side import -Account "PLANT\svc-import$"
#
# The account is a group managed service account (docs/operation.md), so no
# password is asked for or stored. With -Once a run with other arguments is made
# as that account, such as one that overrides a limit:
#
#   .\schedule.ps1 -Side import -Account "PLANT\svc-import$" -Once "--confirm-plan DIGEST"

param(
    [Parameter(Mandatory)][ValidateSet("export", "import")][string]$Side,
    [Parameter(Mandatory)][string]$Account,
    [string]$Folder = "C:\ProgramData\ad-user-sync",
    [string]$Once
)

$ErrorActionPreference = "Stop"
$program = "C:\Program Files\ad-user-sync\ad-user-sync.exe"
$name = "ad-user-sync $Side"

if ($Once) {
    $action = New-ScheduledTaskAction -Execute $program -Argument "$Side $Once" -WorkingDirectory $Folder
    $principal = New-ScheduledTaskPrincipal -UserId $Account -LogonType Password -RunLevel Limited
    $name = "$name once"
    Register-ScheduledTask -TaskName $name -Action $action -Principal $principal -Force | Out-Null
} else {
    # The folder holds key, ledger and resolutions: administrators and the
    # task's own account alone.
    New-Item -ItemType Directory -Force $Folder | Out-Null
    icacls $Folder /inheritance:r /grant "*S-1-5-32-544:(OI)(CI)F" "*S-1-5-18:(OI)(CI)F" "${Account}:(OI)(CI)M" | Out-Null
    if ($LASTEXITCODE -ne 0) { throw "icacls ended with $LASTEXITCODE" }
    $task = (Get-Content -Raw "$PSScriptRoot\$Side-task.xml").Replace("DOMAIN\ACCOUNT$", $Account).Replace("C:\ProgramData\ad-user-sync", $Folder)
    Register-ScheduledTask -TaskName $name -Xml $task -Force | Out-Null
}

Start-ScheduledTask -TaskName $name
do { Start-Sleep 1 } while ((Get-ScheduledTask -TaskName $name).State -eq "Running")
$code = (Get-ScheduledTaskInfo -TaskName $name).LastTaskResult
if ($Once) { Unregister-ScheduledTask -TaskName $name -Confirm:$false }
"$name ended with exit code $code; see the log in $Folder"
exit $code
