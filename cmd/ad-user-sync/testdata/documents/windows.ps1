# Not run: Windows alone has these. "make scripts" parses them, and parameters
# are held against the scripts.

# README.md, docs/windows.md
powershell -ExecutionPolicy Bypass -File .\install.ps1

# docs/windows.md
New-ADServiceAccount svc-import -DNSHostName svc-import.plant.example -PrincipalsAllowedToRetrieveManagedPassword SERVER$
Install-ADServiceAccount svc-import
Test-ADServiceAccount svc-import
cd "C:\Program Files\ad-user-sync\examples\windows"
.\schedule.ps1 -Side import -Account 'PLANT\svc-import$' -Approvers PLANT\import-approvers -Courier PLANT\svc-courier -FoldersOnly
& "C:\Program Files\ad-user-sync\ad-user-sync.exe" import --interactive
cd C:\ProgramData\ad-user-sync
Disable-ScheduledTask "ad-user-sync import"
mkdir state, inbox
Move-Item "resolutions.*", "reports", "import.log*" state -ErrorAction SilentlyContinue
Move-Item users.json inbox -ErrorAction SilentlyContinue
Get-WinEvent -FilterHashtable @{LogName="Application"; ProviderName="ad-user-sync"; Id=@(101, 102, 103, 104, 105, 107)} -MaxEvents 20 | Format-List TimeCreated, Id, Message

# docs/rights.md
.\delegate.ps1 -Container "OU=Managed,DC=plant,DC=example" -Group "CN=p-Viewers,OU=Groups,DC=plant,DC=example" -GuardedGroup "CN=p-Administrators,OU=Groups,DC=plant,DC=example" -Unattended 'PLANT\svc-import$' -Approvers "PLANT\import-approvers" -Show

# examples/README.md
.\schedule.ps1 -Side import -Account 'PLANT\svc-import$' -Approvers PLANT\import-approvers -FoldersOnly
cd C:\ProgramData\ad-user-sync; & "C:\Program Files\ad-user-sync\ad-user-sync.exe" init import
.\schedule.ps1 -Side import -Account 'PLANT\svc-import$' -Approvers PLANT\import-approvers
