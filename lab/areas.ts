/** Every area of the page: importing one registers its panels and actions. */
import "./frame/register.ts";
import "./canvas/register.ts";
import "./edit/register.ts";
import "./files/register.ts";
import "./first-run/register.ts";
import "./host/register.ts";
import "./connection/register.ts";
import "./alone/register.ts";
import "./time/register.ts";
import "./terminal/register.ts";
import "./log/register.ts";
import "./program/register.ts";
import "./packets/register.ts";
