@echo off
rem Runs a command of the product with the service's settings:
rem   kadoma-plan.cmd quickstart --no-serve
rem   kadoma-plan.cmd backup C:\kadoma-plan\backup\today.zip
rem Once, as administrator, for what is done every day (Task Scheduler):
rem   schtasks /create /tn kadoma-backup /sc daily /st 02:30 /ru LocalService /tr "C:\kadoma-plan\kadoma-plan.cmd daily-backup"
rem   schtasks /create /tn kadoma-remind /sc weekly /d MON,TUE,WED,THU,FRI /st 08:30 /ru LocalService /tr "C:\kadoma-plan\kadoma-plan.cmd remind"
setlocal
set KADOMA_DATA_DIR=C:\kadoma-plan\data
set KADOMA_LOG_DIR=C:\kadoma-plan\log
set PYTHONUTF8=1
cd /d C:\kadoma-plan\program
set PYTHON=C:\kadoma-plan\venv\Scripts\python.exe
if "%~1"=="daily-backup" goto daily
"%PYTHON%" manage.py %*
exit /b %errorlevel%

:daily
for /f %%d in ('powershell -NoProfile -Command "Get-Date -Format yyyy-MM-dd"') do set TODAY=%%d
if not exist C:\kadoma-plan\backup mkdir C:\kadoma-plan\backup
"%PYTHON%" manage.py backup C:\kadoma-plan\backup\%TODAY%.zip
exit /b %errorlevel%
