CREATE ROLE :"role" PASSWORD :'password';
SELECT '10:20'::time, 'a'::text;
